import { mdiHelpCircleOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/why', '/why/:entity'],
  icon: mdiHelpCircleOutline,
  nav: null,
  access: 'user',
  component: late(() => import('./WhyPage')),
};
