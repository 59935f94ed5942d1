import { lazy } from 'react';
import { mdiTuneVariant } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/helpers',
  icon: mdiTuneVariant,
  nav: { group: 'automate', order: 30 },
  access: 'admin',
  component: lazy(() => import('./HelpersPage')),
};
