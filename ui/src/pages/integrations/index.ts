import { mdiPuzzleOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/integrations', '/integrations/:domain'],
  icon: mdiPuzzleOutline,
  nav: { group: 'organise', order: 40 },
  access: 'admin',
  component: late(() => import('./IntegrationsPage')),
};
