import { mdiLightningBoltOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/energy', '/energy/setup'],
  icon: mdiLightningBoltOutline,
  nav: { group: 'observe', order: 5 },
  access: 'user',
  component: late(() => import('./EnergyRoutes')),
};
