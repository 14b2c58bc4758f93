import pytest
from django.conf import settings

from yayoi_link.states import NEW_GENERATIONS, STEPS
from yayoi_link.states_drawing import drawing, redraw


def test_the_drawing_in_the_documentation_is_that_of_the_table():
    document = (settings.BASE_DIR / "docs" / "architecture.md").read_text(encoding="utf-8")

    assert document == redraw(document), "run manage.py draw_states"


def test_every_step_is_drawn_as_an_arrow_and_told_in_the_table():
    arrows, _, table = drawing().rpartition("```")

    for step in (*STEPS, *NEW_GENERATIONS):
        assert step.name in arrows
        assert f"| `{step.name}` |" in table


def test_a_document_without_a_place_for_the_drawing_is_refused():
    with pytest.raises(ValueError, match="no place"):
        redraw("# Architecture\n")
