from django.utils.timezone import localdate
from ninja import Router, Schema
from pydantic import Field

from closing.api.calls import PROBLEMS, Status, origin_of_register, results_of
from closing.api.json_items import Unread
from closing.api.problems import MOST_ITEMS, ErrorOut
from closing.api.slip_items import SlipItem, read_slip
from closing.receiving_slips import receive_slips

router = Router(tags=["slips"])


class SlipBatch(Schema):
    slips: list[Unread[SlipItem]] = Field(max_length=MOST_ITEMS)


class SlipResult(Schema):
    number: str
    status: Status
    errors: list[ErrorOut]


class SlipResults(Schema):
    results: list[SlipResult]


@router.post("/slips", response={200: SlipResults} | PROBLEMS, operation_id="send_slips", summary="Send slips")
def send_slips(request, batch: SlipBatch):
    """Each slip has a result of its own, in the order in which they were sent; sending them again changes nothing.

    `conflict`, `invalid` and `kept` (its month is locked) are kept in 保留, where a person decides.
    """
    register = request.auth
    items = [read_slip(raw, register_number=register.number) for raw in batch.slips]
    answers = receive_slips(register.store, items, by=origin_of_register(request), today=localdate())
    return {"results": results_of(items, answers, named="number")}
