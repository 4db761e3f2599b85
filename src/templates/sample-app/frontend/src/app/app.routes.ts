import { Routes } from '@angular/router';
import { MetricsComponent } from './pages/metrics.component';
import { ProjectsComponent } from './pages/projects.component';

export const routes: Routes = [
  { path: '', component: ProjectsComponent },
  { path: 'metrics', component: MetricsComponent },
];
