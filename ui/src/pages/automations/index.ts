import { mdiRobotOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/automations', '/automations/:what/:id', '/automations/:what/:id/:run'],
  icon: mdiRobotOutline,
  nav: { group: 'automate', order: 0, bar: 2 },
  access: 'admin',
  component: late(() => import('./AutomationsPage')),
};
