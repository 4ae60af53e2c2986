"""«1С, Обмен с сайтом»: 1C comes to the program as to a site, brings goods and fetches orders.

`site.py` is the protocol, `server.py` its HTTP shell, `desk.py` what the services do for it; what 1C uploads lies in `area.py`, and
`gathering.py` knows when the portions of one export are together.
"""
