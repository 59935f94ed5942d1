import { mdiClipboardListOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/todo/:list?',
  icon: mdiClipboardListOutline,
  nav: { group: 'home', order: 40 },
  access: 'user',
  component: late(() => import('./TodoPage')),
};
