"""/v3/posting/fbs/package-label/create and /v2/posting/fbs/package-label/get: labels of postings that wait to be shipped, as PDF.

Official: both methods, that only `awaiting_deliver` has labels, that some may be refused while others are printed, and the codes.
"""

import base64
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from .memory import Memory
from .model import Json, LabelTask, Posting
from .replies import invalid, not_found
from .requests import Id, Request

FIRST_TASK = 5_819_327_210_248
TASK_TYPES = ("big_label", "small_label")
NOT_READY = "The next postings aren't ready"
DELIVERED = "label not allowed for delivered postings"
WRONG_STATUS = "INVALID_ARGUMENT"
NOTHING_PRINTED = "NO_POSTINGS_FOR_BATCH_DOWNLOAD"
FOREIGN = "POSTING_NUMBERS_IS_INCORRECT_FOR_COMPANY"
ASSUMED = (
    "Причины отказа в этикетке взяты у прежнего метода /v2/posting/fbs/package-label; чужое отправление — HTTP 400, код 3, "
    "POSTING_NUMBERS_IS_INCORRECT_FOR_COMPANY.",
    "Есть ли у отправления этикетка, решается в минуту запроса; файл готов через --label-delay.",
)
"""What no source says and the sandbox had to choose."""


class CreateRequest(Request):
    posting_numbers: Annotated[list[str], Meta(min_length=1, max_length=1000)]


class GetRequest(Request):
    task_id: Id


def create(memory: Memory, body: CreateRequest) -> Json:
    wanted = []
    for number in dict.fromkeys(body.posting_numbers):
        posting = memory.postings.get(number)
        if posting is None or posting.scheme == "fbo":
            raise invalid(FOREIGN)
        wanted.append(posting)
    refused = {posting.number: why for posting in wanted if (why := _refusal(memory, posting))}
    printed = [posting.number for posting in wanted if posting.number not in refused]
    left_out = min(memory.missing_labels, len(printed))
    memory.missing_labels -= left_out
    printed = [number for number in printed[: len(printed) - left_out] if number not in memory.never_labelled]
    tasks = []
    for kind in TASK_TYPES:
        task_id = FIRST_TASK + len(memory.label_tasks)
        memory.label_tasks[task_id] = LabelTask(tuple(printed), refused, memory.clock())
        tasks.append({"task_id": task_id, "task_type": kind})
    return {"tasks": tasks}


def _refusal(memory: Memory, posting: Posting) -> str:
    """Why there is no label; "" when there is one."""
    if posting.status == "awaiting_deliver":
        return "" if memory.clock() >= posting.changed_at + memory.timing.label_ready else NOT_READY
    return {"awaiting_packaging": NOT_READY, "delivered": DELIVERED}.get(posting.status, WRONG_STATUS)


def get(memory: Memory, body: GetRequest) -> Json:
    task = memory.label_tasks.get(body.task_id)
    if task is None:
        raise not_found("task not found")
    code = _progress(memory, task)
    ready = code in {"completed", "error"}
    words = next(iter(task.refused.values())) if len(set(task.refused.values())) == 1 else NOTHING_PRINTED
    return {
        "error": {"code": NOTHING_PRINTED, "message": words} if code == "error" else {"code": "", "message": ""},
        # Ozon gives the address of another server; the file within the address needs none.
        "file_url": f"data:application/pdf;base64,{base64.b64encode(make_pdf(task.printed)).decode()}" if code == "completed" else "",
        "status": {
            "code": code,
            "postings_count": len(task.printed) + len(task.refused),
            "printed_postings_count": len(task.printed) if ready else 0,
            "unprinted_postings": [{"posting_number": number, "message": why} for number, why in task.refused.items()] if ready else [],
        },
    }


def _progress(memory: Memory, task: LabelTask) -> str:
    waited, whole = memory.clock() - task.created_at, memory.timing.label_delay
    if waited < whole:
        return "pending" if waited < whole / 2 else "in_progress"
    return "completed" if task.printed else "error"


def make_pdf(lines: Sequence[str]) -> bytes:
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
