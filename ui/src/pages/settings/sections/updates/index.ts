import { lazy } from 'react';
import { mdiPackageUp } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiPackageUp, group: 'safety', order: 2, access: 'admin', component: lazy(() => import('./Updates')) };
