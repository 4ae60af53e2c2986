"""/v3/posting/fbs/package-label/create and /v2/posting/fbs/package-label/get: labels of postings that wait to be shipped, as PDF."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .model import Json
from .replies import ApiError
from .schema import Id, Items, Str, obj

if TYPE_CHECKING:
    from .sandbox import Sandbox

READY_AFTER = timedelta(seconds=1)
FIRST_TASK = 91_000_001
TASK_TYPES = ("big_label", "small_label")
WRONG_STATUS = "Этикетку можно получить только для отправления, которое ожидает отгрузки"
CREATE_REQUEST = obj("posting_numbers", posting_numbers=Items(Str(), 100))
GET_REQUEST = obj("task_id", task_id=Id())


@dataclass(frozen=True, slots=True)
class LabelTask:
    """A task of printing."""

    task_id: int
    posting_numbers: tuple[str, ...]
    created_at: datetime


def create(sandbox: Sandbox, body: Json) -> Json:
    numbers = tuple(str(number) for number in body["posting_numbers"])
    for number in numbers:
        posting = sandbox.orders.postings.get(number)
        if posting is None or posting.scheme == "fbo":
            raise ApiError(404, 5, f"posting {number} not found")
    tasks = []
    for kind in TASK_TYPES:
        task = LabelTask(FIRST_TASK + len(sandbox.orders.label_tasks), numbers, sandbox.clock())
        sandbox.orders.label_tasks[task.task_id] = task
        tasks.append({"task_id": task.task_id, "task_type": kind})
    return {"tasks": tasks}


def get(sandbox: Sandbox, body: Json) -> Json:
    task = sandbox.orders.label_tasks.get(int(body["task_id"]))
    if task is None:
        raise ApiError(404, 5, "task not found")
    printed = [number for number in task.posting_numbers if sandbox.orders.postings[number].status == "awaiting_deliver"]
    unprinted = [{"posting_number": number, "message": WRONG_STATUS} for number in task.posting_numbers if number not in printed]
    ready = task.created_at + READY_AFTER <= sandbox.clock()
    code = "pending" if not ready else "completed" if printed else "error"
    return {
        "error": {"code": "NOTHING_PRINTED", "message": WRONG_STATUS} if code == "error" else {"code": "", "message": ""},
        # Ozon gives the address of another server; the file within the address needs none.
        "file_url": f"data:application/pdf;base64,{base64.b64encode(make_pdf(printed)).decode()}" if code == "completed" else "",
        "status": {
            "code": code,
            "postings_count": len(task.posting_numbers),
            "printed_postings_count": len(printed) if ready else 0,
            "unprinted_postings": unprinted if ready else [],
        },
    }


def make_pdf(lines: list[str]) -> bytes:
    """A PDF with a page of label size for each line of Latin letters and digits."""
    count = len(lines)
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(count))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {count} >>"]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for place, line in enumerate(lines):
        content = f"BT /F1 16 Tf 12 90 Td ({line}) Tj ET"
        box = "/MediaBox [0 0 213 170] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents {5 + 2 * place} 0 R >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    document, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(document))
        document += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(document)}\n%%EOF\n"
    return f"{document}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")
