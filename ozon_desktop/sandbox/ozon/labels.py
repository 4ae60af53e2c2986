"""/v3/posting/fbs/package-label/create and /v2/posting/fbs/package-label/get: labels of postings that wait to be shipped, as PDF."""

import base64
from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from .memory import Memory
from .model import Json, LabelTask
from .replies import not_found
from .requests import Id, Request

READY_AFTER = timedelta(seconds=1)
FIRST_TASK = 91_000_001
TASK_TYPES = ("big_label", "small_label")
WRONG_STATUS = "Этикетку можно получить только для отправления, которое ожидает отгрузки"


class CreateRequest(Request):
    posting_numbers: Annotated[list[str], Meta(max_length=100)]


class GetRequest(Request):
    task_id: Id


def create(memory: Memory, body: CreateRequest) -> Json:
    for number in body.posting_numbers:
        posting = memory.postings.get(number)
        if posting is None or posting.scheme == "fbo":
            raise not_found(f"posting {number} not found")
    tasks = []
    for kind in TASK_TYPES:
        task_id = FIRST_TASK + len(memory.label_tasks)
        memory.label_tasks[task_id] = LabelTask(tuple(body.posting_numbers), memory.clock())
        tasks.append({"task_id": task_id, "task_type": kind})
    return {"tasks": tasks}


def get(memory: Memory, body: GetRequest) -> Json:
    task = memory.label_tasks.get(body.task_id)
    if task is None:
        raise not_found("task not found")
    printed = [number for number in task.posting_numbers if memory.postings[number].status == "awaiting_deliver"]
    unprinted = [{"posting_number": number, "message": WRONG_STATUS} for number in task.posting_numbers if number not in printed]
    ready = task.created_at + READY_AFTER <= memory.clock()
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
