import { lazy } from 'react';
import { mdiCogOutline } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/settings', '/settings/*'],
  icon: mdiCogOutline,
  nav: { group: 'system', order: 10 },
  access: 'admin',
  component: lazy(() => import('./SettingsPage')),
};
