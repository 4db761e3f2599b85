import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { Observable } from 'rxjs';
import { environment } from '../environments/environment';

export type Project = { id: string; name: string; status: string };
export type QueueEntry = { id: string; row_id: number; status: string };
export type Leader = { employee_id: string; name: string; completed: number };

@Injectable({ providedIn: 'root' })
export class ApiService {
  private readonly http = inject(HttpClient);

  projects(): Observable<Project[]> {
    return this.http.get<Project[]>(`${environment.apiUrl}/workspace/projects`);
  }

  next(project: string): Observable<QueueEntry | null> {
    const employee_id = localStorage.getItem('employee_id');
    return this.http.post<QueueEntry | null>(`${environment.apiUrl}/workspace/projects/${project}/next`, { employee_id });
  }

  complete(entry: string): Observable<QueueEntry> {
    return this.http.post<QueueEntry>(`${environment.apiUrl}/workspace/queue/${entry}/complete`, {});
  }

  leaderboard(): Observable<Leader[]> {
    return this.http.get<Leader[]>(`${environment.apiUrl}/metrics/leaderboard`);
  }
}
