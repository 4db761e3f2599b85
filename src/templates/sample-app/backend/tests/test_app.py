CSV = "Case ID,City,Amount\n1,Basel,10.5\n2,Bern,7\n"


def test_health(client):
    assert client.get("/api/health").json() == {"status": "ok"}


def test_from_csv_to_completed_entry(client):
    columns = client.post("/api/schema/infer", files={"file": ("cases.csv", CSV)}).json()
    assert [(c["name"], c["data_type"]) for c in columns] == [
        ("case_id", "bigint"),
        ("city", "text"),
        ("amount", "double precision"),
    ]
    source = client.post("/api/schema/provision", json={"name": "Cases", "columns": columns}).json()
    project = f"/api/workspace/projects/{source['id']}"
    assert client.post(f"/api/schema/{source['id']}/load", files={"file": ("cases.csv", CSV)}).json() == {"loaded": 2}
    assert client.get(f"{project}/records/2").json()["city"] == "Bern"
    assert len(client.get(f"{project}/records").json()) == 2
    assert [p["id"] for p in client.get("/api/workspace/projects").json()] == [source["id"]]
    assert client.get(project).json()["status"] == "loaded"
    assert client.post(f"{project}/enqueue").json() == {"enqueued": 2}

    employee = client.post("/api/employees", json={"name": "Ada", "email": "ada@example.com"}).json()
    entry = client.post(f"{project}/next", json={"employee_id": employee["id"]}).json()
    assert entry["assigned_to"] == employee["id"]
    assert client.post(f"/api/workspace/queue/{entry['id']}/complete").json()["status"] == "completed"
    assert client.post(f"/api/workspace/queue/{entry['id']}/skip").status_code == 409
    assert client.get(f"{project}/queue-stats").json() == {"completed": 1, "pending": 1}
    assert client.get("/api/metrics/queue-stats").json() == {"completed": 1, "pending": 1}


def test_employee_and_metrics(client):
    employee = client.post("/api/employees", json={"name": "Grace", "email": "grace@example.com"}).json()
    own = f"/api/employees/{employee['id']}"
    assert client.put(f"{own}/state", json={"state": "available"}).json()["current_state"] == "available"
    task = client.post(f"{own}/tasks", json={}).json()
    assert client.post(f"/api/employees/tasks/{task['id']}/complete").json()["handle_seconds"] == 0
    assert client.get(f"{own}/metrics/aht").json() == {"average_handle_seconds": 0}
    assert client.get("/api/metrics/team-aht").json() == {"average_handle_seconds": 0}
    assert client.get("/api/metrics/agent-states").json()["available"] == 1
    assert client.get("/api/metrics/leaderboard").json()[0]["name"] == "Grace"
    assert client.get(own).json() in client.get("/api/employees").json()
