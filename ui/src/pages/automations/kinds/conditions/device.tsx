import { mdiDevices } from '@mdi/js';
import { DeviceForm } from '../../editor/forms/DeviceForm';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiDevices,
  group: 'states',
  order: 2,
  make: () => ({ condition: 'device', device_id: '', domain: '', type: '' }),
  Form: (props) => <DeviceForm {...props} what="condition" />,
  fits: (piece) => typeof piece.device_id === 'string',
  summary: (piece, say) => (piece.device_id ? `${say.device(piece.device_id)}: ${say.state(undefined, piece.type || '…')}` : ''),
};
