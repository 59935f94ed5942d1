import { mdiHammerWrench } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/developer-tools/:tab?',
  icon: mdiHammerWrench,
  nav: { group: 'system', order: 80 },
  access: 'admin',
  component: late(() => import('./DeveloperToolsPage')),
};
