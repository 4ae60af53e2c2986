#!/usr/bin/env bash
# lxml 6.1.3: a YML price list with a DOCTYPE may hold named entities such as &nbsp;. With resolve_entities=False, which is the usual
# advice against entity attacks, `.text` of an element silently ends before the entity: a price `1&nbsp;499` reads as `1`, without an error.
# The rest is the tail of an Entity child. findtext() has the same; itertext() gives the entity unresolved.
# Without a DOCTYPE the same text is an error, so that small hand-made samples do not show it.
# In the program: the texts of elements in store exports (ozon_desktop/store).
source "$(dirname "$0")/environment.bash" lxml==6.1.3
"$python" - <<'PY'
from lxml import etree

print("lxml", etree.__version__)
document = b'<?xml version="1.0"?><!DOCTYPE yml_catalog SYSTEM "shops.dtd"><offer><price>1&nbsp;499</price></offer>'
offer = etree.fromstring(document, etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True))
price = offer.find("price")
seen = (price.text, offer.findtext("price"), "".join(price.itertext()), price[0].tail)
print(seen)
assert seen == ("1", "1", "1&nbsp;499", "499"), seen
try:
    etree.fromstring(b"<offer><price>1&nbsp;499</price></offer>")
except etree.XMLSyntaxError as error:
    print("without a DOCTYPE:", error.msg)
else:
    raise AssertionError("without a DOCTYPE it was an error")
PY
