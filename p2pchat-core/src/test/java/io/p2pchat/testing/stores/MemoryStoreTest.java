package io.p2pchat.testing.stores;

import io.p2pchat.MessageStore;

class MemoryStoreTest extends MessageStoreContract {
  private final MemoryStore.Disk disk = new MemoryStore.Disk();

  @Override
  protected MessageStore open() {
    return new MemoryStore(disk);
  }
}
