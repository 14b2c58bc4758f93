from django.utils.timezone import localdate
from ninja import Router, Schema
from pydantic import Field

from closing.api.calls import PROBLEMS, Status, origin_of_register, results_of
from closing.api.json_items import Unread
from closing.api.movement_items import MovementItem, read_movement
from closing.api.problems import MOST_ITEMS, ErrorOut
from closing.receiving_movements import receive_movements

router = Router(tags=["cash"])


class MovementBatch(Schema):
    movements: list[Unread[MovementItem]] = Field(max_length=MOST_ITEMS)


class MovementResult(Schema):
    id: str
    status: Status
    errors: list[ErrorOut]


class MovementResults(Schema):
    results: list[MovementResult]


@router.post("/cash-movements", response={200: MovementResults} | PROBLEMS, operation_id="send_cash_movements", summary="Send 入出金")
def send_movements(request, batch: MovementBatch):
    """Each movement has a result of its own, as slips have."""
    register = request.auth
    items = [read_movement(raw, register_number=register.number) for raw in batch.movements]
    answers = receive_movements(register, items, by=origin_of_register(request), today=localdate())
    return {"results": results_of(items, answers, named="id")}
