import { lazy } from 'react';
import { mdiPulse } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/console',
  icon: mdiPulse,
  nav: { group: 'system', order: 60 },
  access: 'owner',
  component: lazy(() => import('./ConsolePage')),
};
