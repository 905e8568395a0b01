package dev.sluice.gateway.apikey;

class FakeKeyUseStoreTest implements KeyUseStoreContract {

    private final FakeKeyUseStore store = new FakeKeyUseStore();

    @Override
    public KeyUseStore store() {
        return store;
    }
}
