import { lazy } from 'react';
import { mdiFormatListBulletedType } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/logbook',
  icon: mdiFormatListBulletedType,
  nav: { group: 'observe', order: 10 },
  access: 'user',
  component: lazy(() => import('./LogbookPage')),
};
