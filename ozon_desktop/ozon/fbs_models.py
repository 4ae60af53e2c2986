"""Ozon's answers about work on a posting: one posting in the older shape, pieces and their marks, reasons, carriages, own delivery."""

from msgspec import Struct, field

from ozon_desktop.domain.fbs import (
    CancelReason,
    Carriage,
    CarriageAct,
    CarriageMethod,
    CheckState,
    Mark,
    MoveAnswer,
    Need,
    Piece,
    PieceCheck,
    PiecesCheck,
    ProductNeeds,
)
from ozon_desktop.domain.orders import Posting
from ozon_desktop.ozon.models import Int, moment, word
from ozon_desktop.ozon.posting_models import PostingRow

NEW_CARRIAGE = frozenset({"", "new", "created"})
"""States of a carriage that still takes and gives postings."""


class Related(Struct):
    related_posting_numbers: list[str] | None = None


class OnePosting(PostingRow):
    related_postings: Related | None = None


class PostingAnswer(Struct):
    """/v3/posting/fbs/get."""

    result: OnePosting

    def to_domain(self) -> tuple[Posting, tuple[str, ...]]:
        related = (self.result.related_postings or Related()).related_posting_numbers or []
        return self.result.to_domain("fbs"), tuple(related)


class ShipAnswer(Struct):
    """/v4/posting/fbs/ship: numbers of the parcels."""

    result: list[str]


class ShipPartAnswer(Struct):
    """/v4/posting/fbs/ship/package: the number of the parcel, a single text."""

    result: str


class SplitPosting(Struct):
    posting_number: str


class SplitAnswer(Struct):
    """/v1/posting/fbs/split."""

    postings: list[SplitPosting]


class MarkRow(Struct):
    mark: str | None = None
    mark_type: str | None = None
    check_status: str | None = None
    error_codes: list[str] | None = None
    errors: list[str] | None = None
    valid: bool | None = None


class PieceRow(Struct):
    """A piece in all answers that list pieces; each has some of the fields."""

    exemplar_id: Int | None = None
    marks: list[MarkRow] | None = None
    gtd: str | None = None
    gtd_check_status: str | None = None
    gtd_error_codes: list[str] | None = None
    is_gtd_absent: bool | None = None
    rnpt: str | None = None
    rnpt_check_status: str | None = None
    rnpt_error_codes: list[str] | None = None
    is_rnpt_absent: bool | None = None
    weight: float | None = None
    weight_check_status: str | None = None
    weight_error_codes: list[str] | None = None
    valid: bool | None = None
    errors: list[str] | None = None

    def to_domain(self, sku: int) -> Piece:
        marks = [(row.mark or "", word(row.mark_type)) for row in self.marks or []]
        known = {kind.value: kind for kind in Need}
        return Piece(
            sku,
            self.exemplar_id or 0,
            tuple(Mark(known[kind], code) for code, kind in marks if code and kind in known),
            self.gtd or "",
            bool(self.is_gtd_absent),
            self.rnpt or "",
            bool(self.is_rnpt_absent),
            self.weight or 0.0,
        )

    def checked(self, sku: int) -> PieceCheck:
        """How far Ozon is with all that is on the piece: as far as with the slowest of it."""
        marks = self.marks or []
        words = [word(row.check_status) for row in marks]
        words += [word(text) for text in (self.gtd_check_status, self.rnpt_check_status, self.weight_check_status)]
        lists = [*(row.error_codes for row in marks), self.gtd_error_codes, self.rnpt_error_codes, self.weight_error_codes]
        errors = [code for codes in lists for code in codes or ()]
        order = (CheckState.CHECKING, CheckState.NOT_DONE, CheckState.PASSED)
        state = next((one for one in order if one.value in words), CheckState.UNSENT)
        return PieceCheck(self.to_domain(sku), state, tuple(dict.fromkeys(errors)))

    def validated(self, sku: int) -> PieceCheck:
        errors = [*(self.errors or ()), *(code for row in self.marks or [] for code in row.errors or ())]
        # A piece that is refused without a word is refused all the same.
        if not errors and self.valid is False:
            errors = ["invalid"]
        return PieceCheck(self.to_domain(sku), CheckState.PASSED, tuple(dict.fromkeys(errors)))


class PieceProduct(Struct):
    product_id: Int
    exemplars: list[PieceRow] | None = None
    is_mandatory_mark_needed: bool | None = None
    is_mandatory_mark_possible: bool | None = None
    is_gtd_needed: bool | None = None
    is_rnpt_needed: bool | None = None
    is_jw_uin_needed: bool | None = None
    has_imei: bool | None = None
    is_weight_needed: bool | None = None

    def needs(self) -> ProductNeeds:
        flags = (
            (Need.MARK, self.is_mandatory_mark_needed),
            (Need.UIN, self.is_jw_uin_needed),
            (Need.IMEI, self.has_imei),
            (Need.GTD, self.is_gtd_needed),
            (Need.RNPT, self.is_rnpt_needed),
            (Need.WEIGHT, self.is_weight_needed),
            (Need.POSSIBLE_MARK, self.is_mandatory_mark_possible and not self.is_mandatory_mark_needed),
        )
        return ProductNeeds(self.product_id, tuple(need for need, wanted in flags if wanted))


class PiecesAnswer(Struct):
    """/v6/fbs/posting/product/exemplar/create-or-get."""

    products: list[PieceProduct]

    def to_domain(self) -> tuple[tuple[ProductNeeds, ...], tuple[Piece, ...]]:
        pieces = [row.to_domain(product.product_id) for product in self.products for row in product.exemplars or []]
        return tuple(product.needs() for product in self.products), tuple(pieces)


class ValidatedAnswer(Struct):
    """/v5/fbs/posting/product/exemplar/validate."""

    products: list[PieceProduct]

    def to_domain(self) -> tuple[PieceCheck, ...]:
        return tuple(row.validated(product.product_id) for product in self.products for row in product.exemplars or [])


class PiecesStatusAnswer(Struct):
    """/v5/fbs/posting/product/exemplar/status."""

    status: str
    products: list[PieceProduct] | None = None

    def to_domain(self) -> PiecesCheck:
        checks = [row.checked(product.product_id) for product in self.products or [] for row in product.exemplars or []]
        return PiecesCheck(word(self.status), tuple(checks))


class CountryRow(Struct):
    name: str
    country_iso_code: str


class CountriesAnswer(Struct):
    """/v2/posting/fbs/product/country/list."""

    result: list[CountryRow]


class CountryAnswer(Struct):
    """/v2/posting/fbs/product/country/set."""

    is_gtd_needed: bool | None = None


class ReasonRow(Struct):
    id: Int
    title: str | None = None
    type_id: str | None = None


class ReasonsOfPosting(Struct):
    posting_number: str
    reasons: list[ReasonRow] | None = None


class ReasonsAnswer(Struct):
    """/v1/posting/fbs/cancel-reason."""

    result: list[ReasonsOfPosting]

    def to_domain(self) -> dict[str, tuple[CancelReason, ...]]:
        return {
            row.posting_number: tuple(CancelReason(one.id, one.title or "", word(one.type_id) == "seller") for one in row.reasons or [])
            for row in self.result
        }


class CancelAnswer(Struct):
    """/v2/posting/fbs/cancel."""

    result: bool


class CancelProductsAnswer(Struct):
    """/v2/posting/fbs/product/cancel; the text is empty in Ozon's own example."""

    result: str | None


class CarriageRow(Struct):
    id: Int | None = None
    status: str | None = None


class CarriageProblem(Struct):
    code: str | None = None
    description: str | None = None


class MethodRow(Struct):
    delivery_method_id: Int
    delivery_method_name: str | None = None
    carriages: list[CarriageRow] | None = None
    cutoff_at: str | None = None
    mandatory_postings_count: Int | None = None
    mandatory_packaged_count: Int | None = None
    optional_packaged_count: Int | None = None
    errors: list[CarriageProblem] | None = None
    warehouse_name: str | None = None

    def to_domain(self) -> CarriageMethod:
        rows = self.carriages or []
        open_ = [row.id for row in rows if row.id and word(row.status) in NEW_CARRIAGE]
        return CarriageMethod(
            self.delivery_method_id,
            self.warehouse_name or self.delivery_method_name or "",
            open_[0] if open_ else 0,
            any(not row.id for row in rows),
            self.mandatory_postings_count or 0,
            (self.mandatory_packaged_count or 0) + (self.optional_packaged_count or 0),
            moment(self.cutoff_at),
            tuple(row.code or row.description or "" for row in self.errors or []),
        )


class MethodsAnswer(Struct):
    """/v2/carriage/delivery/list."""

    methods: list[MethodRow] | None
    cursor: str | None = None
    has_next: bool | None = None


class NewCarriageAnswer(Struct):
    """/v1/carriage/create."""

    carriage_id: Int


class CancelAvailability(Struct):
    is_cancel_available: bool | None = None


class CarriageAnswer(Struct):
    """/v1/carriage/get."""

    carriage_id: Int
    status: str | None = None
    delivery_method_id: Int | None = None
    cancel_availability: CancelAvailability | None = None
    has_postings_for_next_carriage: bool | None = None

    def to_domain(self) -> Carriage:
        can_cancel = bool((self.cancel_availability or CancelAvailability()).is_cancel_available)
        return Carriage(
            self.carriage_id, self.delivery_method_id or 0, word(self.status), can_cancel, bool(self.has_postings_for_next_carriage)
        )


class CarriageCancelAnswer(Struct):
    """/v1/carriage/cancel."""

    error: str | None = None
    carriage_status: str | None = None


class ActRow(Struct):
    status: str
    added_to_act: list[str] | None = None
    removed_from_act: list[str] | None = None
    has_postings_for_next_carriage: bool | None = None


class ActAnswer(Struct):
    """/v2/posting/fbs/act/check-status."""

    result: ActRow

    def to_domain(self) -> CarriageAct:
        row = self.result
        added, removed = tuple(row.added_to_act or ()), tuple(row.removed_from_act or ())
        return CarriageAct(word(row.status), added, removed, bool(row.has_postings_for_next_carriage))


class BarcodeAnswer(Struct):
    """/v2/posting/fbs/act/get-barcode/text."""

    result: str


class MoveRow(Struct):
    posting_number: str
    result: bool | None = None
    # Described as a text, and a list in the example beside it.
    error: str | list[str] | None = field(default=None)

    def to_domain(self) -> MoveAnswer:
        words = self.error if isinstance(self.error, str) else " ".join(self.error or ())
        return MoveAnswer(self.posting_number, words or ("" if self.result else "refused"))


class MovesAnswer(Struct):
    """/v2/fbs/posting/delivering, last-mile, delivered, tracking-number/set, and /v1/carriage/set-postings."""

    result: list[MoveRow]

    def to_domain(self) -> list[MoveAnswer]:
        return [row.to_domain() for row in self.result]
