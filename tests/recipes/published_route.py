"""Check a route added by the recipe of CONTRIBUTING against the library; run in the changed copy of the source."""

from fastapi.testclient import TestClient
from scheduler.verify.published import published_violations

from api.app import create_app
from scheduler import Problem
from tests.builders import a_document, a_meeting

PATH = "/v1/published-violations"


def main() -> None:
    document = a_document(
        meetings=[a_meeting("m1"), a_meeting("m2")],
        published={"m1": "2027-03-03T09:00", "m2": "2027-03-02T13:00"},
    )
    without_plan = {key: value for key, value in document.items() if key != "published"}
    with TestClient(create_app(), base_url="http://127.0.0.1") as client:
        checked = client.post(PATH, json=document)
        rejected = client.post(PATH, json=without_plan, headers={"Accept-Language": "sv"})
        assert PATH in client.get("/docs").text
    expected = published_violations(Problem.of(document))
    assert checked.json() == expected.model_dump(mode="json")
    assert [violation.rule for violation in expected.violations] == ["order"]
    assert "Ange en publicerad tid" in rejected.text
    print(checked.status_code, rejected.status_code)


if __name__ == "__main__":
    main()
