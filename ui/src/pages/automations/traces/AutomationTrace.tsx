import { useAutomation } from '../list/automations';
import TracePage from './TracePage';

export default function AutomationTrace({ id, runId }: { id: string; runId: string | undefined }) {
  return <TracePage domain="automation" itemId={id} entityId={useAutomation(id)} runId={runId} />;
}
