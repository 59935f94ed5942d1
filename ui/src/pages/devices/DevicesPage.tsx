import { useParams } from 'wouter';
import { DeviceList } from './DeviceList';
import { DevicePage } from './DevicePage';

export default function DevicesPage() {
  const { id } = useParams<{ id?: string }>();
  return id ? <DevicePage key={id} deviceId={decodeURIComponent(id)} /> : <DeviceList />;
}
