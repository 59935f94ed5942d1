import { mdiPulse } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/console',
  icon: mdiPulse,
  nav: { group: 'system', order: 60 },
  access: 'owner',
  component: late(() => import('./ConsolePage')),
};
