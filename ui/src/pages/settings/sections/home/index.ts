import { lazy } from 'react';
import { mdiHomeOutline } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiHomeOutline, group: 'home', order: 1, access: 'admin', component: lazy(() => import('./HomeForm')) };
