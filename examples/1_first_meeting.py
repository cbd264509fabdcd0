"""Find the better of two mornings for three parties: run `python examples/1_first_meeting.py`."""

from scheduler import Problem, propose

PARTIES = {"kumla": "Kumla", "laxa": "Laxå", "nora": "Nora"}
TUESDAY = {"start": "2027-03-02T09:00", "end": "2027-03-02T12:00"}
WEDNESDAY = {"start": "2027-03-03T08:00", "end": "2027-03-03T17:00"}

problem = Problem.of(
    {
        "title": "A first meeting",
        "timezone": "Europe/Stockholm",
        "horizon": {"start": "2027-03-02", "end": "2027-03-03"},
        "today": "2027-02-01",
        "parties": [{"id": party, "name": name} for party, name in PARTIES.items()],
        "people": [
            {
                "id": f"{party}-{role}",
                "party": party,
                "name": f"{role}, {name}",
                "known": [{"start": "2027-01-01", "end": "2027-12-31"}],
            }
            for party, name in PARTIES.items()
            for role in ("ledamot", "ersättare")
        ],
        "calendars": [{"id": "ks", "label": "Kommunstyrelsen, Laxå", "importance": 4}],
        "commitments": [
            # On Tuesday both people of Laxå attend their municipality's board; on Wednesday Nora's member is away.
            {**TUESDAY, "id": "c1", "person": "laxa-ledamot", "calendar": "ks"},
            {**TUESDAY, "id": "c2", "person": "laxa-ersättare", "calendar": "ks"},
            {**WEDNESDAY, "id": "c3", "person": "nora-ledamot", "kind": "busy_unavailable"},
        ],
        "councils": [
            {
                "id": "kultur",
                "name": "Samverkansråd för kultur",
                "seats": [
                    {"party": party, "member": f"{party}-ledamot", "substitutes": [f"{party}-ersättare"]}
                    for party in PARTIES
                ],
            }
        ],
        "meetings": [{"id": "kultur-1", "council": "kultur", "duration_minutes": 120, "starts": ["09:00"]}],
    }
)

answer = propose(problem, min_days=1)
print(f"{answer.status}: nothing beats {answer.objective:.2f} of 3 parties")
for proposal in answer.proposals:
    meeting = proposal.meetings[0]
    print(f"\n{proposal.rank}. {meeting.starts_at:%A %d %B %H:%M}, expected {meeting.expected_attendance:.2f} of 3")
    for outlook in meeting.parties:
        reason = ""
        if outlook.probability < 0.95:
            first = outlook.reasons[0]
            reason = f"  ({first.label or first.kind})"
        name = PARTIES[outlook.party]
        print(f"   {name:6} {outlook.probability:4.0%} by {outlook.via}{reason}")
