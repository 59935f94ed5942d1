import { mdiFormatListBulletedType } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/logbook',
  icon: mdiFormatListBulletedType,
  nav: { group: 'observe', order: 10 },
  access: 'user',
  component: late(() => import('./LogbookPage')),
};
