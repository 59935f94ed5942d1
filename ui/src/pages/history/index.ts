import { mdiChartLine } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/history',
  icon: mdiChartLine,
  nav: { group: 'observe', order: 20 },
  access: 'user',
  component: late(() => import('./HistoryPage')),
};
