"""What of Ozon's requests and answers is known to be harmless: method, place and name of a field, and the form its value must have.

The places are lists of names between slashes; positions in lists do not count, nor does a name within itself (a tree is as deep as it is).
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Places = Mapping[str, frozenset[str]]
"""Names of harmless fields by the place of the object they stand in; "" = the outermost."""

_WORDS = """
absent acceptance accepted acquiring act action actions add added additional address addressee admin affect after aggregator all allowed
already amount analytics and approval approve approved arbitration archive archived arrival arrived asc aspect assembly async at attempt
attribute attributes attrs ausn auto autoarchive autoarchived availabilities availability available average awaiting banned barcode barcodes
been begin big blr boosting box buyout by byn can cancel canceled cancellation cancelled cargo carriage carriages category cb center change
changed changing charge chat check child children cis city clarification clearing click client cluster cm cny code codes collect collection
color comfort comment commission commissions common company compensation complex conditionally confirmed container containers content
contract count country courier create created critical critically crm crossborder currency current cursor customer cut cutoff daily danger
data date days deadline declared decline declined decompensation default defaults delay deliv deliver delivered delivering delivery density
departure dependent depth desc description destination details dictionary digital dimension dir direct disable disabled discount discounted
display dispute district download driver drop dropoff econom elastic email empty en enable enabled end entrusted error errors eur exceeded
exemplar exemplars exist exists expired expires express external fail failed false fbo fbp fbs field file filter final finance financial
first flammable flow for forecast form formatted found free frequently friday from full g general geo get green group gtd has height hide
hint hours human hybryd id ids image images imei import imported in incorrect index indexes info initiator inn int integrated integration
internal invalid invisible invoice is iso item items json jw key kg kgs kgt kpp kzt label language last latitude lb legacy legal less level
levels lift limit limiting limits link list lite load local logistic long longitude low lower manage mandatory manual many mark marketing
marketplace marketplaces marks max media message method methods mile min minimal minute minutes missing mm model moderate moderated
moderation moment monday money moving mp multi multibox name names needed negative net new next no non none not npd null num number numbers
of off offer offered offset ogrn ok old on only open opened opening operation option optional or order osno out over overpriced ovh
ownership ozon package packaged packages packaging packing pallet params parent partial pass passport past pause pay payment payout pdf
pending per percent period phone phones pick pickup picture pl place platform plus point possible posting postings premium prepayment
present presort presortable previous price prices primary printed pro process product products progress promo promotions provider prr psn
pvz qty quant quantity quants quantum quarantine range rate rating ratings ratio read ready reason reasons received recommended red region
registered registration rejected related removed report reports requests require required requirements requiring reserved reset restore
result retail retry return returned returning returns review reviews rfbs rich rnpt roles ru rub sale sales saturday sber scanit schema
score sds search seasonal self seller send sending sent service set ship shipment short shown since size skipped sku sla small sort sorting
source sources split spu src stairs start starts state status statuses steps stock stocks storage strategy subscription substatus success
sum sunday super supply sys system tagged tail target tariff tariffication task tasks tax technical text texts than through thursday time
timer timeslot timetable title to too tooltip top total tpl tr traceable track tracking trans transferred transferring translit tree true
tuesday type uin unarchive unfulfilled unit unknown unprinted unprocessed unspecified up update updated upper url usage usd usn utc
utilization utilized utilizing v valid validated validation value values vat verification verified visibility visible visual volume waiting
warehouse warehouses warning way waybill wednesday weight width with without working yellow yet you zh zip
"""
WORDS = frozenset(_WORDS.split())
"""The words that names of fields, statuses, codes, roles and methods of the API are made of; with any other, it may be about a person."""

NUMBERS_IN_WORDS = frozenset({"1", "2", "3", "4", "5", "6", "360"})
"""«v3», «3pl_tracking», «images360»."""

_TEXT_OF_WORDS = re.compile(r"[A-Za-z0-9_ /-]{1,100}")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?")
_MONEY = re.compile(r"-?\d{1,7}(\.\d{1,4})?")
_SMALL = 10**7
_PHONES = 10**10
"""Ids of the catalogue have at most ten digits, phones of Russia eleven."""

HIGHEST_CODE = 16


def of_api_words(text: str) -> bool:
    """Whether nothing but words of the API is in it: `awaiting_packaging`, `ArrivedAtReturnPlace`, `Posting FBS`, `/v1/roles`."""
    parts = _PARTS.findall(text) if _TEXT_OF_WORDS.fullmatch(text) else []
    known = all(part in NUMBERS_IN_WORDS if part.isdigit() else part.casefold() in WORDS for part in parts)
    return known and any(part.isalpha() for part in parts)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and of_api_words(value)


def _is_number(value: Any) -> bool:
    """Money and amounts may be written as texts."""
    if isinstance(value, str):
        return _MONEY.fullmatch(value) is not None
    return isinstance(value, int | float) and abs(value) < _SMALL


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and 0 <= value < _PHONES


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _is_code(value: Any) -> bool:
    """A word, or a number of gRPC."""
    return 0 <= value <= HIGHEST_CODE if isinstance(value, int) else _is_word(value)


def _names(form: Callable[[Any], bool], names: str) -> dict[str, Callable[[Any], bool]]:
    return dict.fromkeys(names.split(), form)


FORMS: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    _names(_is_code, "code")
    | _names(
        _is_word,
        """
        available_actions cancellation_type carriage_label_type cargo_type color_index currency currency_code current_tariff_type
        delivery_schema delivery_type dimension_unit field integration_type_flow language level limit_type methods moderate_status
        name next_tariff_type rating sale_schema schema shipment_type sort_dir source state status status_failed statuses substatus
        sys_name tariff_type task_type tax_system tpl_integration_type type validation_status value_type visibility warehouse_type
        weight_unit working_days availability
        """,
    )
    | _names(
        _is_number,
        """
        amount count depth height limit min_postings_limit multi_box_qty old_price percent postings_count postings_limit present price
        printed_postings_count quantity reserved free_stock stock total total_items usage vat volume_weight weight width
        """,
    )
    | _names(
        _is_id,
        """
        attribute_id attributes_with_defaults cancel_reason_id complex_id description_category_id dictionary_value_id id last_value_id
        type_id
        """,
    )
    | _names(
        _is_time,
        """
        change_moment created_at cutoff_from cutoff_to date_from date_to expired_at expires_at in_process_at next_tariff_starts_at
        pause_at reset_at return_date shipment_date shipment_date_without_delay since status_updated_at tariff_deadline_at time_from
        time_to to updated_at
        """,
    )
)
"""The form a value has to have: a word of the API, a number below ten million, an id of Ozon's catalogue, a moment."""


def _places(**places: str) -> Places:
    """`postings__products="quantity"`: the names under postings/products; `_` is the outermost object."""
    return {place.strip("_").replace("__", "/"): frozenset(names.split()) for place, names in places.items()}


_ERROR_NAMES = "code field state level attribute_id"
_CARD_NAMES = "type_id description_category_id height depth width dimension_unit weight weight_unit"
_POSTINGS = _places(
    _="count",
    postings="""
        status substatus delivery_schema tpl_integration_type integration_type_flow available_actions multi_box_qty cancel_reason_id
        created_at in_process_at shipment_date shipment_date_without_delay
    """,
    postings__products="quantity",
    postings__products__price="amount currency currency_code",
    postings__cancellation="cancel_reason_id cancellation_type",
    postings__analytics_data="delivery_type",
    postings__container="cargo_type",
    postings__tariffication="current_tariff_type next_tariff_type next_tariff_starts_at",
    postings__tariffication_steps="tariff_type tariff_deadline_at",
)
_UPDATES = _places(result__errors=_ERROR_NAMES)

ANSWERS: Mapping[str, Places] = {
    "/v1/roles": _places(_="expires_at", roles="name methods"),
    "/v1/seller/info": _places(
        company="currency tax_system",
        subscription="type",
        ratings="rating status value_type",
        ratings__current_value="date_from date_to",
        ratings__past_value="date_from date_to",
    ),
    "/v1/product/import/info": _places(result="total", result__items="status", result__items__errors=_ERROR_NAMES),
    "/v1/product/import/prices": _UPDATES,
    "/v2/products/stocks": _UPDATES,
    "/v2/warehouse/list": _places(
        warehouses="""
            status warehouse_type carriage_label_type working_days postings_limit min_postings_limit created_at updated_at pause_at
        """,
        warehouses__first_mile="type",
    ),
    "/v3/product/list": _places(result="total total_items"),
    "/v3/product/info/list": _places(
        items="description_category_id type_id currency_code price old_price vat volume_weight created_at updated_at",
        items__statuses="status status_failed moderate_status validation_status status_updated_at",
        items__errors=_ERROR_NAMES,
        items__stocks="present reserved source",
        items__sources="source shipment_type created_at",
        items__promotions="type",
        items__commissions="sale_schema percent",
        items__availabilities="availability source",
        items__price_indexes="color_index",
    ),
    "/v4/product/info/attributes": _places(
        _="total",
        result=f"{_CARD_NAMES} attributes_with_defaults",
        result__attributes="id complex_id",
        result__attributes__values="dictionary_value_id",
        result__complex_attributes="id complex_id",
        result__complex_attributes__values="dictionary_value_id",
    ),
    "/v5/product/info/prices": _places(
        _="total total_items", items="volume_weight", items__price="currency_code price old_price vat", items__price_indexes="color_index"
    ),
    "/v4/product/info/stocks": _places(_="total total_items", items__stocks="type present reserved shipment_type"),
    "/v2/product/info/stocks-by-warehouse/fbs": _places(products="present reserved free_stock"),
    "/v4/product/info/limit": _places(
        total="limit usage", daily_create="limit usage reset_at", daily_update="limit usage reset_at", operation_limits="limit limit_type"
    ),
    "/v4/posting/fbs/list": _POSTINGS,
    "/v4/posting/fbs/unfulfilled/list": _POSTINGS,
    "/v3/posting/fbo/list": _POSTINGS,
    "/v1/returns/list": _places(
        returns="type schema",
        returns__product="quantity",
        returns__product__price="currency_code price",
        returns__visual="change_moment",
        returns__visual__status="sys_name",
        returns__logistic="return_date",
    ),
    "/v3/posting/fbs/package-label/create": _places(tasks="task_type"),
    "/v2/posting/fbs/package-label/get": _places(status="code postings_count printed_postings_count", error="code"),
}
"""Answers of success."""

PUBLIC: Mapping[str, Places] = {
    "/v1/description-category/tree": _places(
        result="description_category_id category_name type_id type_name",
        result__children="description_category_id category_name type_id type_name",
    ),
    "/v1/description-category/attribute": _places(
        result="""
            id name description type max_value_count group_id group_name dictionary_id attribute_complex_id
        """
    ),
    "/v1/description-category/attribute/values": _places(result="id value info picture"),
    "/v1/description-category/attribute/values/search": _places(result="id value info picture"),
}
"""Ozon's catalogue, the same for every seller: these fields are kept whatever is in them."""

REFUSALS = _places(_="code")

_TYPE_NAMES = "description_category_id type_id language"
_PAGE = _places(_="limit sort_dir language", filter="visibility since to cutoff_from cutoff_to")
REQUESTS: Mapping[str, Places] = {
    **dict.fromkeys(ANSWERS, _PAGE),
    "/v1/description-category/tree": _PAGE,
    "/v1/description-category/attribute": _places(_=_TYPE_NAMES),
    "/v1/description-category/attribute/values": _places(_=f"{_TYPE_NAMES} attribute_id limit last_value_id"),
    "/v1/description-category/attribute/values/search": _places(_=f"{_TYPE_NAMES} attribute_id limit"),
    "/v3/product/import": _places(
        items=f"{_CARD_NAMES} price old_price vat currency_code",
        items__attributes="id complex_id",
        items__attributes__values="dictionary_value_id",
        items__complex_attributes__attributes="id complex_id",
        items__complex_attributes__attributes__values="dictionary_value_id",
    ),
    "/v1/product/import/prices": _places(prices="price old_price vat currency_code"),
    "/v2/products/stocks": _places(stocks="stock"),
    "/v1/returns/list": _places(_="limit", filter__visual_status_change_moment="time_from time_to"),
}


def inside(place: str, name: str) -> str:
    """The place of an object that is the value of the field `name` of the object at `place`."""
    return place if name in {"", place.rpartition("/")[2]} else f"{place}/{name}".lstrip("/")


def is_harmless(places: Places, place: str, name: str, value: Any) -> bool:
    """Whether a text or a number may stay: its field is listed there, and it has the form of the field."""
    form = FORMS.get(name)
    return form is not None and name in places.get(place, ()) and form(value)
