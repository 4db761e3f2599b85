import { AsyncPipe } from '@angular/common';
import { Component, inject } from '@angular/core';
import { ApiService } from '../api.service';

@Component({
  standalone: true,
  imports: [AsyncPipe],
  template: `
    <ol>
      @for (leader of leaders | async; track leader.employee_id) {
        <li>{{ leader.name }}: {{ leader.completed }}</li>
      }
    </ol>
  `,
})
export class MetricsComponent {
  readonly leaders = inject(ApiService).leaderboard();
}
