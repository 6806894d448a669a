package org.trainyard.training.round;

import java.io.Serializable;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Replica;

/** Opens the model that is trained, on whichever executor needs a replica. */
@FunctionalInterface
public interface ModelOpener extends Serializable {

  /** A new replica; whoever asked closes it. */
  Replica open(Device device);
}
