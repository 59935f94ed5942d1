import { lazy } from 'react';
import { mdiHelpCircleOutline } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/why', '/why/:entity'],
  icon: mdiHelpCircleOutline,
  nav: null,
  access: 'user',
  component: lazy(() => import('./WhyPage')),
};
