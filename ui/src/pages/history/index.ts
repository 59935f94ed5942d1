import { lazy } from 'react';
import { mdiChartLine } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/history',
  icon: mdiChartLine,
  nav: { group: 'observe', order: 20 },
  access: 'user',
  component: lazy(() => import('./HistoryPage')),
};
