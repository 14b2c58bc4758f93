import json

from hypothesis import given

from closing import slip_json
from tests.strategies import slips


@given(slips)
def test_a_slip_is_read_back_as_it_was_written(slip):
    written = json.dumps(slip_json.to_json(slip))

    assert slip_json.from_json(json.loads(written)) == slip
