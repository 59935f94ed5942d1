import { mdiCogOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/settings', '/settings/*'],
  icon: mdiCogOutline,
  nav: { group: 'system', order: 10 },
  access: 'admin',
  component: late(() => import('./SettingsPage')),
};
