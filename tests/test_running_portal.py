"""The ground on which the journeys stand."""


def test_the_portal_runs_with_worker_and_sandbox(portal, page):
    page.goto(portal.url)

    assert page.title() != ""
    assert [process.poll() for process in portal.processes.values()] == [None, None, None]
