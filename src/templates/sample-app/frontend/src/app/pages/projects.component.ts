import { AsyncPipe } from '@angular/common';
import { Component, inject } from '@angular/core';
import { ApiService, QueueEntry } from '../api.service';

@Component({
  standalone: true,
  imports: [AsyncPipe],
  template: `
    @for (project of projects | async; track project.id) {
      <p>{{ project.name }} ({{ project.status }}) <button (click)="next(project.id)">Next record</button></p>
    }
    @if (entry) {
      <p>Record {{ entry.row_id }} <button (click)="complete(entry.id)">Complete</button></p>
    }
  `,
})
export class ProjectsComponent {
  private readonly api = inject(ApiService);
  readonly projects = this.api.projects();
  entry: QueueEntry | null = null;

  next(project: string): void {
    this.api.next(project).subscribe((entry) => (this.entry = entry));
  }

  complete(entry: string): void {
    this.api.complete(entry).subscribe(() => (this.entry = null));
  }
}
