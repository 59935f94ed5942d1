import { lazy } from 'react';
import { useLocation } from 'wouter';
import EnergyPage from './EnergyPage';

const SetupPage = lazy(() => import('./setup/SetupPage'));

export default function EnergyRoutes() {
  const [location] = useLocation();
  return location.startsWith('/energy/setup') ? <SetupPage /> : <EnergyPage />;
}
