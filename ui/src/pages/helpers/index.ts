import { mdiTuneVariant } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/helpers',
  icon: mdiTuneVariant,
  nav: { group: 'automate', order: 30 },
  access: 'admin',
  component: late(() => import('./HelpersPage')),
};
