import { Component } from '@angular/core';
import { RouterLink, RouterOutlet } from '@angular/router';

@Component({
  selector: 'app-root',
  standalone: true,
  imports: [RouterLink, RouterOutlet],
  template: `
    <nav><a routerLink="/">Projects</a> <a routerLink="/metrics">Metrics</a></nav>
    <router-outlet />
  `,
})
export class AppComponent {}
