import { lazy } from 'react';
import { mdiMapMarkerRadiusOutline } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiMapMarkerRadiusOutline, group: 'home', order: 2, access: 'admin', component: lazy(() => import('./Zones')) };
