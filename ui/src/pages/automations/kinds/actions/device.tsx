import { mdiDevices } from '@mdi/js';
import { DeviceForm } from '../../editor/forms/DeviceForm';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiDevices,
  group: 'do',
  order: 1,
  make: () => ({ device_id: '', domain: '', type: '' }),
  Form: (props) => <DeviceForm {...props} what="action" />,
  fits: (piece) => typeof piece.device_id === 'string',
  summary: (piece, say) => (piece.device_id ? `${say.device(piece.device_id)}: ${say.state(undefined, piece.type || '…')}` : ''),
};
