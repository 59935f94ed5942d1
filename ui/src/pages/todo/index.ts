import { lazy } from 'react';
import { mdiClipboardListOutline } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/todo/:list?',
  icon: mdiClipboardListOutline,
  nav: { group: 'home', order: 40 },
  access: 'user',
  component: lazy(() => import('./TodoPage')),
};
