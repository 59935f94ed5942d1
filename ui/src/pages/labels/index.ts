import { lazy } from 'react';
import { mdiLabelMultipleOutline } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/labels',
  icon: mdiLabelMultipleOutline,
  nav: { group: 'organise', order: 50 },
  access: 'admin',
  component: lazy(() => import('./LabelsPage')),
};
