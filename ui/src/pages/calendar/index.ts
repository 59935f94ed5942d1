import { mdiCalendarMonthOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/calendar',
  icon: mdiCalendarMonthOutline,
  nav: { group: 'home', order: 50 },
  access: 'user',
  component: late(() => import('./CalendarPage')),
};
