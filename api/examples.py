"""Two small problems: examples in the documentation of the service, and input to warm up its workers."""

from typing import Any

THREE_PARTIES: dict[str, Any] = {
    "title": "Three municipalities, one meeting",
    "timezone": "Europe/Stockholm",
    "horizon": {"start": "2027-03-01", "end": "2027-03-05"},
    "today": "2027-02-01",
    "parties": [{"id": "kumla", "name": "Kumla"}, {"id": "laxa", "name": "Laxå"}, {"id": "nora", "name": "Nora"}],
    "people": [
        {
            "id": "k1",
            "party": "kumla",
            "name": "ledamot, Kumla",
            "known": [{"start": "2027-01-01", "end": "2027-12-31"}],
        },
        {"id": "l1", "party": "laxa", "name": "ledamot, Laxå"},
        {"id": "n1", "party": "nora", "name": "ledamot, Nora", "known": [{"start": "2027-01-01", "end": "2027-12-31"}]},
        {"id": "n2", "party": "nora", "name": "ersättare, Nora"},
    ],
    "calendars": [{"id": "ks", "label": "Kommunstyrelsen, Kumla", "importance": 4}],
    "commitments": [
        {
            "id": "c1",
            "person": "k1",
            "calendar": "ks",
            "start": "2027-03-01T08:00:00+01:00",
            "end": "2027-03-02T17:00:00+01:00",
        }
    ],
    "councils": [
        {
            "id": "kultur",
            "name": "Samverkansråd för kultur",
            "quorum": 2,
            "organizer": {"name": "Kansliet", "email": "kansli@region.example"},
            "seats": [
                {"party": "kumla", "member": "k1"},
                {"party": "laxa", "member": "l1"},
                {"party": "nora", "member": "n1", "substitutes": ["n2"]},
            ],
        }
    ],
    "meetings": [{"id": "kultur-1", "council": "kultur", "duration_minutes": 120, "starts": ["09:00", "13:00"]}],
}
NO_FEASIBLE_DATE: dict[str, Any] = {
    **THREE_PARTIES,
    "title": "A week that is closed",
    "blackouts": [{"start": "2027-03-01", "end": "2027-03-05", "reason": "sportlov"}],
}
