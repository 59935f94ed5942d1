import { mdiLabelMultipleOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/labels',
  icon: mdiLabelMultipleOutline,
  nav: { group: 'organise', order: 50 },
  access: 'admin',
  component: late(() => import('./LabelsPage')),
};
